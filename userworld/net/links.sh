# shellcheck shell=sh
# SPDX-License-Identifier: Apache-2.0
# shellcheck disable=SC2154 # found is that of net.sh
#
# Adapters and VLANs as the settings have them. Read with "." by net, which alone does it.
# $found/link.NAME has the MTU that an adapter came with, or "vlan" for what was made here.

# link_up ADAPTER MTU: as it came, or with that MTU.
link_up() {
	[ -e "$found/link.$1" ] || cat "/sys/class/net/$1/mtu" >"$found/link.$1"
	bytes=${2:-$(cat "$found/link.$1")}
	[ "$(cat "/sys/class/net/$1/mtu")" = "$bytes" ] || ip link set dev "$1" mtu "$bytes"
	ip link set dev "$1" up
}

# A VLAN has no frames larger than its adapter's.
vlan_up() {
	nic=$1 device=$2 vlan=$3 mtu=$4
	if [ ! -e "/sys/class/net/$device" ]; then
		modprobe -q 8021q
		ip link add link "$nic" name "$device" type vlan id "$vlan" || return
	fi
	echo vlan >"$found/link.$device"
	[ -z "$mtu" ] || [ "$(cat "/sys/class/net/$nic/mtu")" -ge "$mtu" ] || ip link set dev "$nic" mtu "$mtu"
	ip link set dev "$device" mtu "${mtu:-$(cat "/sys/class/net/$nic/mtu")}"
	ip link set dev "$device" up
}

# make_link INTERFACE: what it runs on, which is there then.
make_link() {
	nic=$(adapter_of "$1") || return
	device=$(device_of "$1") mtu=$(own "$1" mtu)
	if [ "$(own "$1" enabled)" = no ]; then
		[ ! -e "/sys/class/net/$device" ] || ip link set dev "$device" down
	elif [ "$device" = "$nic" ]; then
		link_up "$nic" "$mtu"
	else
		link_up "$nic" ""
		vlan_up "$nic" "$device" "$(own "$1" vlan)" "$mtu"
	fi
}

# What was made or used and is no longer wanted.
drop_links() {
	wanted=" $(for interface in $(interfaces); do device_of "$interface"; done | tr '\n' ' ') "
	for link in "$found"/link.*; do
		device=${link##*/link.}
		case $wanted in
		*" $device "*) continue ;;
		esac
		if [ "$(cat "$link" 2>/dev/null)" = vlan ]; then
			ip link del dev "$device"
			rm -f "$link" "$found/dhcp6.$device"
		elif [ -e "/sys/class/net/$device" ]; then
			ip addr flush dev "$device" scope global
			rm -f "$found/$device" "$found/dhcp6.$device"
		fi
	done
}
