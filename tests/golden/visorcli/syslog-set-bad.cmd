visorcli system syslog config set --check-ssl-certs=perhaps
