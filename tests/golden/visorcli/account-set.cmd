esxcli system account set -i anna -d Anna
