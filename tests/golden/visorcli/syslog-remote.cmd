visorcli system syslog remote list
