"""The site: the pages of the documentation with search, the wheel, and the playground, as static files.

    make site

`build/site/VERSION/` is the site of this version. Folders of other versions next to it stay as they are, and its pages offer them.
"""
