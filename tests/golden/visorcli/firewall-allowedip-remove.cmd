esxcli network firewall ruleset allowedip remove -r sshServer -i 192.0.2.0/24
