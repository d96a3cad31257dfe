localcli system panic take
