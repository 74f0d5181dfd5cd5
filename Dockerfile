# An image with dsgen and a user without rights; Argo CD runs its sidecars as this user (docs/how-to/use-argo-cd.md).
# To build it: `make release`, then `docker build --tag dsgen --file Dockerfile dist`.
FROM python:3.13-slim AS build
COPY dsgen_k8s-*-py3-none-any.whl /wheel/
RUN python -m venv /opt/dsgen && /opt/dsgen/bin/python -m pip install --no-cache-dir --quiet /wheel/*.whl && /opt/dsgen/bin/python -m pip uninstall --yes --quiet pip

FROM python:3.13-slim
COPY --from=build /opt/dsgen /opt/dsgen
ENV PATH=/opt/dsgen/bin:$PATH
USER 999:999
WORKDIR /project
ENTRYPOINT ["dsgen"]
