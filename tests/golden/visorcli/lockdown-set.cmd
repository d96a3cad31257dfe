visorcli system lockdown set -m strict
