visorcli system hostname set -H esx2
