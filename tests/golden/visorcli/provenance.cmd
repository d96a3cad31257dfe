visorcli system visorfs provenance --path /etc/motd
