esxcli network firewall ruleset list
