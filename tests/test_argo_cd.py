"""The plugin of docs/how-to/use-argo-cd.md, run as Argo CD runs plugins.

https://argo-cd.readthedocs.io/en/stable/operator-manual/config-management-plugins/: commands run in the folder of the
Application, parameters come as `PARAM_NAME`, the Application's environment as `ARGOCD_ENV_NAME`; standard output is
manifests and nothing else, standard error is shown, and an exit code other than 0 fails.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

pytestmark = pytest.mark.long

PAGE: Final = Path(__file__).parents[1] / "docs/how-to/use-argo-cd.md"
_FOUND: Final = re.search(r'```yaml title="plugin.yaml"\n(.*?)```', PAGE.read_text("utf-8"), re.DOTALL)
assert _FOUND
PLUGIN: Final[dict[str, Any]] = yaml.safe_load(_FOUND[1])
PROFILE: Final = "name: {0}\ncontainers: {{agent: {{image: x}}}}\nserviceAccount: {{create: true}}\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The checkout that the plugin is given."""
    folder = tmp_path / "checkout"
    for name in ("profiles", "environments"):
        (folder / name).mkdir(parents=True)
    (folder / "dsgen.yaml").write_text("")
    for name in ("one", "two"):
        (folder / f"profiles/{name}.yaml").write_text(PROFILE.format(name))
    return folder


def environments(folder: Path) -> None:
    (folder / "environments/prod.yaml").write_text("all: {hostNetwork: true}\n")
    (folder / "environments/test.yaml").write_text("kubernetes: '1.34'\n")


def step(name: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a command of the plugin with nothing but a path and what Argo CD adds."""
    stated = PLUGIN["spec"][name]
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(
        [*stated["command"], *stated.get("args", ())],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        env={"PATH": path, "ARGOCD_APP_NAME": "agents", "KUBE_VERSION": "1.36.1", **environment},
    )


def names(done: subprocess.CompletedProcess[str]) -> list[tuple[str, str]]:
    assert (done.returncode, done.stderr) == (0, "")
    return [(each["kind"], each["metadata"]["name"]) for each in yaml.safe_load_all(done.stdout)]


def test_it_is_a_plugin() -> None:
    assert (PLUGIN["apiVersion"], PLUGIN["kind"]) == ("argoproj.io/v1alpha1", "ConfigManagementPlugin")
    assert set(PLUGIN["spec"]) == {"discover", "init", "generate", "parameters"}
    assert {each["name"] for each in PLUGIN["spec"]["parameters"]["static"]} == {
        "environment",
        "kubernetes",
        "profiles",
    }


def test_it_is_discovered_by_the_file_of_a_project(folder: Path) -> None:
    pattern = PLUGIN["spec"]["discover"]["fileName"]
    assert list(folder.glob(pattern))
    assert not list(folder.parent.glob(pattern))


def test_init(folder: Path) -> None:
    assert step("init", folder).returncode == 0


def test_all_profiles(folder: Path) -> None:
    done = step("generate", folder)
    assert sorted(names(done)) == [(kind, name) for kind in ("DaemonSet", "ServiceAccount") for name in ("one", "two")]
    assert sorted(path.name for path in folder.iterdir()) == ["dsgen.yaml", "environments", "profiles"]


@pytest.mark.parametrize("prefix", ["PARAM_", "ARGOCD_ENV_"])
def test_parameters(folder: Path, prefix: str) -> None:
    environments(folder)
    done = step("generate", folder, **{f"{prefix}ENVIRONMENT": "prod", f"{prefix}PROFILES": "two"})
    assert names(done) == [("ServiceAccount", "two"), ("DaemonSet", "two")]
    assert "hostNetwork: true" in done.stdout


def test_a_version_to_judge_by(folder: Path) -> None:
    done = step("generate", folder, PARAM_KUBERNETES="1.5", PARAM_PROFILES="one two")
    assert done.returncode == 2
    assert "'1.5' is not one of" in done.stderr
    assert len(names(step("generate", folder, PARAM_KUBERNETES="1.34", PARAM_PROFILES="one two"))) == 4


def test_a_parameter_goes_before_the_environment(folder: Path) -> None:
    assert len(names(step("generate", folder, PARAM_PROFILES="one", ARGOCD_ENV_PROFILES="two three"))) == 2


def test_a_faulty_profile(folder: Path) -> None:
    (folder / "profiles/two.yaml").write_text("name: two\nhostNetwrok: true\n")
    done = step("generate", folder)
    assert done.returncode == 1
    assert "profiles/two.yaml:2:1: error: unknown key `hostNetwrok`" in done.stderr


@pytest.mark.parametrize(
    "given",
    [
        {"PARAM_PROFILES": "/etc/passwd"},
        {"PARAM_PROFILES": "../other/secret.yaml"},
        {"PARAM_PROFILES": "--output"},
        {"PARAM_PROFILES": "$(touch made) `touch made`"},
        {"PARAM_ENVIRONMENT": "prod; touch made"},
        {"PARAM_ENVIRONMENT": "--force"},
        {"PARAM_KUBERNETES": "1.36 --defaults"},
    ],
)
def test_parameters_are_names_and_nothing_else(folder: Path, given: dict[str, str]) -> None:
    environments(folder)
    done = step("generate", folder, **given)
    assert (done.returncode, done.stdout) == (2, "")
    assert not (folder / "made").exists()
