esxcli network ip interface set -i vmk0 -e false --confirm=60
