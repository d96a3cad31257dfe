visorcli system shutdown reboot --quick -r "new image"
