visorcli system hostname set --fqdn=esx2.example.org
