visorcli system state diff --generation 11 --file /etc/hostname
