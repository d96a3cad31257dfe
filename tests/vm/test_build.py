# SPDX-License-Identifier: Apache-2.0
"""The image as a thing that is built."""

import shutil
import subprocess

import pytest
from bootcfg import BootCfg
from conftest import TOP


@pytest.mark.slow
def test_same_bytes_in_another_folder(boot, out, tmp_path):
    config = tmp_path / "other"
    config.mkdir()
    (config / ".config").write_bytes((out / ".config").read_bytes())
    shutil.copytree(out / "keys", config / "keys")
    subprocess.run(["make", "-s", "-C", TOP, f"O={config}", "image"], check=True, stdout=subprocess.DEVNULL)
    cfg = BootCfg.read(boot / "boot.cfg")
    for name in ["boot.cfg", cfg["kernel"], *cfg["modules"]]:
        assert (boot / name).read_bytes() == (config / "boot" / name).read_bytes(), name
