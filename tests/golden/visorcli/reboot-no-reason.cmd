visorcli system shutdown reboot
