visorcli system account password set -i root
