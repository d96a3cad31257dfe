esxcli system permission set -i anna -r operator
