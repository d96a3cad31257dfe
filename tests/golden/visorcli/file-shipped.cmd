visorcli system visorfs shipped --path /etc/none
