visorcli system boot install --device /dev/sdb --yes
