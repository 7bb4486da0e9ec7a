// SPDX-License-Identifier: Apache-2.0
// The one file that compiles Asio's TLS stream.
#include "http/detail/tls.h"

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <boost/asio/ssl.hpp>
#include <ctime>

#include "base/file.h"

namespace http {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

// One record of TLS: what is shorter travels as one, not as one for each buffer.
constexpr std::size_t kRecordSize = 16 * 1024;

class TlsWire final : public Wire {
 public:
  TlsWire(tcp::socket socket, std::shared_ptr<asio::ssl::context> context)
      : context_(std::move(context)), stream_(std::move(socket), *context_) {
    Error ignored;
    peer_ = stream_.lowest_layer().remote_endpoint(ignored).address().to_string();
  }

  asio::any_io_executor executor() override { return stream_.get_executor(); }
  [[nodiscard]] std::string peer() const override { return peer_; }
  void open(std::function<void(Error)> done) override {
    stream_.async_handshake(asio::ssl::stream_base::server, std::move(done));
  }
  void read_some(asio::mutable_buffer to, Done done) override {
    stream_.async_read_some(to, std::move(done));
  }
  void write_some(const std::vector<asio::const_buffer>& from, Done done) override {
    record_.resize(kRecordSize);
    const std::size_t size = asio::buffer_copy(asio::buffer(record_), from);
    stream_.async_write_some(asio::buffer(record_.data(), size), std::move(done));
  }
  void finish(std::function<void(Error)> done) override { stream_.async_shutdown(std::move(done)); }
  void cancel() override {
    Error ignored;
    stream_.lowest_layer().cancel(ignored);
  }
  void close() override {
    Error ignored;
    stream_.lowest_layer().close(ignored);
  }

 private:
  std::shared_ptr<asio::ssl::context> context_;
  asio::ssl::stream<tcp::socket> stream_;
  std::string record_;
  std::string peer_;
};

std::string day(const ASN1_TIME* time) {
  std::tm parts{};
  if (ASN1_TIME_to_tm(time, &parts) != 1) return "an unknown day";
  char text[16];
  std::strftime(text, sizeof text, "%Y-%m-%d", &parts);
  return text;
}

// By RFC 2253, which escapes what is not plain text; empty where the names stand elsewhere.
std::string subject(const X509* certificate) {
  const std::unique_ptr<BIO, decltype(&BIO_free)> text(BIO_new(BIO_s_mem()), BIO_free);
  X509_NAME_print_ex(text.get(), X509_get_subject_name(certificate), 0, XN_FLAG_RFC2253);
  char* bytes = nullptr;
  const long size = BIO_get_mem_data(text.get(), &bytes);
  return {bytes, static_cast<std::size_t>(size)};
}

std::string serial(const X509* certificate) {
  const std::unique_ptr<BIGNUM, decltype(&BN_free)> number(
      ASN1_INTEGER_to_BN(X509_get0_serialNumber(certificate), nullptr), BN_free);
  char* const hexadecimal = BN_bn2hex(number.get());
  std::string text = hexadecimal;
  OPENSSL_free(hexadecimal);
  return text;
}

class LoadedTls final : public Tls {
 public:
  base::Result<void> load(const std::string& certificate, const std::string& key) {
    TRY_ASSIGN(const std::string certificate_text, base::read_file(certificate));
    TRY_ASSIGN(const std::string key_text, base::read_file(key));
    SSL_CTX_set_min_proto_version(context_->native_handle(), TLS1_2_VERSION);
    SSL_CTX_set_options(context_->native_handle(), SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION |
                                                       SSL_OP_CIPHER_SERVER_PREFERENCE |
                                                       SSL_OP_IGNORE_UNEXPECTED_EOF);
    Wire::Error error;
    // Nobody is there to type a pass phrase.
    context_->set_password_callback(
        [](std::size_t, asio::ssl::context::password_purpose) { return std::string(); }, error);
    if (!error) context_->use_certificate_chain(asio::buffer(certificate_text), error);
    if (error) {
      return base::input_error("the TLS certificate '" + certificate + "' cannot be used: " +
                               error.message() + "; expected PEM (-----BEGIN CERTIFICATE-----)");
    }
    TRY(check_days(certificate));
    context_->use_private_key(asio::buffer(key_text), asio::ssl::context::pem, error);
    if (!error) return {};
    if (ERR_GET_REASON(static_cast<unsigned long>(error.value())) == X509_R_KEY_VALUES_MISMATCH) {
      return base::input_error("the TLS key '" + key + "' is not the one of the certificate '" +
                               certificate + "'");
    }
    return base::input_error("the TLS key '" + key + "' cannot be used: " + error.message() +
                             "; expected PEM (-----BEGIN PRIVATE KEY-----) without a pass phrase");
  }

  std::unique_ptr<Wire> wire(tcp::socket socket) override {
    return std::make_unique<TlsWire>(std::move(socket), context_);
  }

  [[nodiscard]] std::string certificate() const override {
    const X509* leaf = SSL_CTX_get0_certificate(context_->native_handle());
    const std::string name = subject(leaf);
    return name + (name.empty() ? "serial " : ", serial ") + serial(leaf) + ", valid until " +
           day(X509_get0_notAfter(leaf));
  }

 private:
  base::Result<void> check_days(const std::string& certificate) {
    const X509* leaf = SSL_CTX_get0_certificate(context_->native_handle());
    const ASN1_TIME* first = X509_get0_notBefore(leaf);
    const ASN1_TIME* last = X509_get0_notAfter(leaf);
    if (X509_cmp_current_time(last) < 0) {
      return base::input_error("the TLS certificate '" + certificate + "' expired on " + day(last) +
                               ": no client would accept it; renew it");
    }
    if (X509_cmp_current_time(first) > 0) {
      return base::input_error("the TLS certificate '" + certificate + "' is valid from " +
                               day(first) + " only");
    }
    return {};
  }

  std::shared_ptr<asio::ssl::context> context_ =
      std::make_shared<asio::ssl::context>(asio::ssl::context::tls_server);
};

}  // namespace

base::Result<std::unique_ptr<Tls>> load_tls(const std::string& certificate,
                                            const std::string& key) {
  auto tls = std::make_unique<LoadedTls>();
  TRY(tls->load(certificate, key));
  return std::unique_ptr<Tls>(std::move(tls));
}

}  // namespace http
