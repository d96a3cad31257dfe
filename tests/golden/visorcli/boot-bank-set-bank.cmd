visorcli system boot bank set -b 0
