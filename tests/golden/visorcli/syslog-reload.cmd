visorcli system syslog reload
