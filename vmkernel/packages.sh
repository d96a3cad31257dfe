# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
#
# Packages, downloaded with the machine's own apt sources but not installed.
# Sourced by vmkernel/fetch, vmkernel/build and images/unpack.

cache=${VISOROS_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/visoros}
mkdir -p "$cache/debs"

apt_options=(-q -q -o Dpkg::Use-Pty=0)
[ "$(id -u)" != 0 ] || apt_options+=(-o APT::Sandbox::User=root)

die() {
	echo "$0: $*" >&2
	exit 1
}

# Lists of packages in the cache instead of the machine's: needs no root.
use_own_lists() {
	echo "  APT      the machine's package lists are missing or old: fetching a private copy"
	mkdir -p "$cache/lists/partial"
	apt_options+=(-o "Dir::State::Lists=$cache/lists" -o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache=)
	apt-get "${apt_options[@]}" update
}

# Prints field $2 of the newest version of package $1, or nothing.
package_field() {
	apt-cache "${apt_options[@]}" show --no-all-versions "$1" 2>/dev/null | sed -n "s/^$2: //p"
}

# Downloads packages, each NAME=VERSION, and unpacks them below folder $1.
unpack_packages() {
	local root=$1 package name
	shift
	(cd "$cache/debs" && apt-get "${apt_options[@]}" download "$@") ||
		{ use_own_lists && (cd "$cache/debs" && apt-get "${apt_options[@]}" download "$@"); } ||
		die "cannot download $*"
	mkdir -p "$root"
	for package; do
		# In the name of the file a version's colon, if it has an epoch, is written otherwise.
		name=${package/:/%3a}
		dpkg-deb -x "$cache/debs/${name%%=*}_${name#*=}"_*.deb "$root"
	done
}
