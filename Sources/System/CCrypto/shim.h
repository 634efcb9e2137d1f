#ifndef OFFBEAT_CCRYPTO_SHIM_H
#define OFFBEAT_CCRYPTO_SHIM_H

#include <openssl/evp.h>

#endif
