esxcli system ntp set --enabled=true --server=time.example,192.0.2.1
