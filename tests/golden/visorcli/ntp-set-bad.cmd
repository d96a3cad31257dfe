visorcli system ntp set -s "a;b"
