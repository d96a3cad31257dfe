esxcli system syslog config set --loghost=tcp://10.0.0.1:514,udp://b --check-ssl-certs=false --spool 512
