# SPDX-License-Identifier: Apache-2.0
# The agent behind "make guest". Static, so that it outlives a broken library.
programs += guestd
guestd-src := $(addprefix images/guestd/,guestd.c command.c frame.c port.c)
guestd-lib := visor
guestd-ldflags := -static
ifeq ($(CONFIG_IMAGE_DEVELOPMENT),y)
guestd-to := /usr/sbin/guestd
image-files += images/guestd/guestd.conf:/etc/userworld.d/guestd.conf
endif
