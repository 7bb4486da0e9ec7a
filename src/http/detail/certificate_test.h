// SPDX-License-Identifier: Apache-2.0
// Certificates of our own making, as PEM files, for tests.
#pragma once
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <cstdio>
#include <memory>
#include <string>

namespace http {

using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;

inline Key make_key() { return {EVP_EC_gen("P-256"), EVP_PKEY_free}; }

// A pass phrase encrypts it.
inline void write_key(const std::string& path, EVP_PKEY* key, const std::string& phrase = "") {
  std::FILE* file = std::fopen(path.c_str(), "w");
  PEM_write_PrivateKey(file, key, phrase.empty() ? nullptr : EVP_aes_128_cbc(),
                       reinterpret_cast<const unsigned char*>(phrase.data()),
                       static_cast<int>(phrase.size()), nullptr, nullptr);
  std::fclose(file);
}

// Of localhost, signed by itself; valid between so many seconds from now.
inline void write_certificate(const std::string& path, EVP_PKEY* key, long from, long to) {
  const std::unique_ptr<X509, decltype(&X509_free)> made(X509_new(), X509_free);
  X509_set_version(made.get(), X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(made.get()), 1);
  X509_gmtime_adj(X509_getm_notBefore(made.get()), from);
  X509_gmtime_adj(X509_getm_notAfter(made.get()), to);
  X509_set_pubkey(made.get(), key);
  X509_NAME* name = X509_get_subject_name(made.get());
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>("localhost"), -1, -1, 0);
  X509_set_issuer_name(made.get(), name);
  X509_sign(made.get(), key, EVP_sha256());
  std::FILE* file = std::fopen(path.c_str(), "w");
  PEM_write_X509(file, made.get());
  std::fclose(file);
}

}  // namespace http
