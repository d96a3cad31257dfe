visorcli system service policy set -n ssh -p on
