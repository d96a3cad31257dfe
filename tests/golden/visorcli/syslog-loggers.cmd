visorcli system syslog config logger list
