visorcli system shutdown reboot -r update
