esxcli network firewall set --enabled=true --default-action pass --confirm 60
