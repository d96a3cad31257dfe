/* SPDX-License-Identifier: Apache-2.0 */
/* Where the host's certificate and key are; hostd reads them. */
#ifndef VISOR_CORE_SECURITY_HOST_FILES_H
#define VISOR_CORE_SECURITY_HOST_FILES_H

#define HOST_CERTIFICATE_DIR "/etc/visoros/ssl"
#define HOST_KEY HOST_CERTIFICATE_DIR "/host.key"
#define HOST_CERTIFICATE HOST_CERTIFICATE_DIR "/host.crt"

#endif
