esxcli network firewall ruleset set -r sshServer -e true -a false
