#ifndef OFFBEAT_CCRYPTO_SHIM_H
#define OFFBEAT_CCRYPTO_SHIM_H

#include <openssl/crypto.h>
#include <openssl/evp.h>

#endif
