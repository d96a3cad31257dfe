esxcli network ip interface ipv4 set -i vmk0 -t static -I 192.0.2.10 -N 255.255.255.0 -g 192.0.2.1 --confirm 120
