/* tls_name: reads a certificate's own names: the issuer's address has to be one that a client finds in it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "training/tls_name.h"

#include "core/mem.h"

#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <arpa/inet.h>
#include <string.h>

static char *address(const ASN1_OCTET_STRING *ip)
{
    char text[INET6_ADDRSTRLEN];
    int len = ASN1_STRING_length(ip);

    if ((len != 4 && len != 16) ||
        !inet_ntop(len == 4 ? AF_INET : AF_INET6, ASN1_STRING_get0_data(ip), text, sizeof text))
        return NULL;
    return len == 4 ? mem_copy(text) : mem_format("[%s]", text);
}

static char *first(GENERAL_NAMES *names, int type)
{
    for (int i = 0; i < sk_GENERAL_NAME_num(names); i++) {
        const GENERAL_NAME *name = sk_GENERAL_NAME_value(names, i);
        if (name->type != type)
            continue;
        if (type == GEN_IPADD)
            return address(name->d.iPAddress);
        const char *text = (const char *)ASN1_STRING_get0_data(name->d.dNSName);
        size_t len = (size_t)ASN1_STRING_length(name->d.dNSName);
        if (!memchr(text, '*', len))
            return mem_copy_n(text, len);
    }
    return NULL;
}

char *tls_name(const char *pem)
{
    BIO *bio = BIO_new_mem_buf(pem, -1);
    X509 *cert = bio ? PEM_read_bio_X509(bio, NULL, NULL, NULL) : NULL;
    GENERAL_NAMES *names = cert ? X509_get_ext_d2i(cert, NID_subject_alt_name, NULL, NULL) : NULL;
    char *name = names ? first(names, GEN_DNS) : NULL;

    if (!name && names)
        name = first(names, GEN_IPADD);
    GENERAL_NAMES_free(names);
    X509_free(cert);
    BIO_free(bio);
    return name ? name : mem_copy("localhost");
}
