esxcli network firewall ruleset allowedip list
