visorcli system visorfs diff -p /etc/motd -t base.v00
