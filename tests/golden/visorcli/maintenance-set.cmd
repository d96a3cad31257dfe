esxcli system maintenanceMode set -e false
