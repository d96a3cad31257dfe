visorcli system syslog config logger set --id=shell --size=512 --rotate=3
