#ifndef OFFBEAT_CCURL_SHIM_H
#define OFFBEAT_CCURL_SHIM_H

#include <curl/curl.h>

#endif
