visorcli network ip interface ipv6 set -i vmk0 -t slaac
