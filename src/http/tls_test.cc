// SPDX-License-Identifier: Apache-2.0
// The server under TLS, with a certificate made here.
#include <gtest/gtest.h>
#include <openssl/ssl.h>

#include <filesystem>
#include <fstream>

#include "http/detail/certificate_test.h"
#include "http/detail/wire_client_test.h"
#include "http/server.h"

namespace http {
namespace {

constexpr long kDay = 24 * 3600;

class TlsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::temp_directory_path() / ("tls_test_" + std::to_string(::getpid()));
    std::filesystem::create_directory(folder_);
    write_key(path("key"), key_.get());
    write_certificate(path("certificate"), key_.get(), -kDay, kDay);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }
  [[nodiscard]] std::string path(const std::string& name) const {
    return (folder_ / (name + ".pem")).string();
  }

  static Router router() {
    Router router;
    router.get("/hello", [](const Request&, const Reply& reply) {
      reply({.content_type = "text/plain", .body = "hello"});
    });
    router.get("/long", [](const Request&, const Reply& reply) {
      reply({.content_type = "text/plain", .body = std::string(1'000'000, 'x')});
    });
    router.post("/echo", [](const Request& request, const Reply& reply) {
      reply({.content_type = "text/plain", .body = request.body});
    });
    return router;
  }
  base::Result<std::unique_ptr<Server>> start(const std::string& certificate,
                                              const std::string& key) {
    return Server::start({.tls_certificate = certificate, .tls_key = key}, router());
  }
  std::string refusal(const std::string& certificate, const std::string& key) {
    const auto started = start(certificate, key);
    return started ? "" : started.error().message;
  }

  Key key_ = make_key();
  std::filesystem::path folder_;
};

// Asks under TLS of at most the given version and reads to the end; "" where no agreement is found.
std::string ask(std::uint16_t port, const std::string& request, int newest = TLS1_3_VERSION) {
  const std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context(SSL_CTX_new(TLS_client_method()),
                                                                  SSL_CTX_free);
  SSL_CTX_set_security_level(context.get(), 0);
  SSL_CTX_set_max_proto_version(context.get(), newest);
  const std::unique_ptr<BIO, decltype(&BIO_free_all)> wire(BIO_new_ssl_connect(context.get()),
                                                           BIO_free_all);
  BIO_set_conn_hostname(wire.get(), ("127.0.0.1:" + std::to_string(port)).c_str());
  if (BIO_do_connect(wire.get()) != 1 || BIO_do_handshake(wire.get()) != 1) return "";
  BIO_write(wire.get(), request.data(), static_cast<int>(request.size()));
  std::string answer;
  char bytes[4096];
  for (int got = 0; (got = BIO_read(wire.get(), bytes, sizeof bytes)) > 0;)
    answer.append(bytes, static_cast<std::size_t>(got));
  return answer;
}

constexpr const char* kEnd = " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

TEST_F(TlsTest, serves_under_tls_alone_and_says_so_for_a_year) {
  const auto server = start(path("certificate"), path("key"));
  ASSERT_TRUE(server) << server.error().message;
  EXPECT_TRUE((*server)->address().starts_with("https://127.0.0.1:"));
  const std::string answer = ask((*server)->port(), std::string("GET /hello") + kEnd);
  EXPECT_EQ(status_of(answer), 200);
  EXPECT_EQ(body_of(answer), "hello");
  EXPECT_NE(answer.find("Strict-Transport-Security: max-age=31536000"), std::string::npos);
  EXPECT_EQ(body_of(ask((*server)->port(), std::string("GET /long") + kEnd)).size(), 1'000'000U);
  const std::string body(50'000, 'y');
  EXPECT_EQ(body_of(ask((*server)->port(),
                        "POST /echo HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                        "Content-Type: application/json\r\nContent-Length: 50000\r\n\r\n" +
                            body)),
            body);
  WireClient plain((*server)->port());
  EXPECT_EQ(status_of(plain.ask(std::string("GET /hello") + kEnd)), 0);
}

TEST_F(TlsTest, without_tls_says_nothing_of_it) {
  const auto server = Server::start({}, router());
  ASSERT_TRUE(server);
  const std::string answer = WireClient((*server)->port()).ask(std::string("GET /hello") + kEnd);
  EXPECT_EQ(answer.find("Strict-Transport-Security"), std::string::npos);
}

TEST_F(TlsTest, speaks_tls_1_2_and_nothing_older) {
  const auto server = start(path("certificate"), path("key"));
  ASSERT_TRUE(server);
  EXPECT_EQ(status_of(ask((*server)->port(), std::string("GET /hello") + kEnd, TLS1_2_VERSION)),
            200);
  EXPECT_EQ(ask((*server)->port(), std::string("GET /hello") + kEnd, TLS1_1_VERSION), "");
}

TEST_F(TlsTest, says_what_is_wrong_with_the_files) {
  EXPECT_NE(refusal(path("nowhere"), path("key")).find("nowhere.pem"), std::string::npos);
  EXPECT_NE(refusal(path("certificate"), path("nowhere")).find("nowhere.pem"), std::string::npos);
  EXPECT_NE(refusal(path("certificate"), "").find("both a certificate and its key"),
            std::string::npos);
  std::ofstream(path("garbage")) << "not PEM";
  EXPECT_NE(refusal(path("garbage"), path("key")).find("BEGIN CERTIFICATE"), std::string::npos);
  EXPECT_NE(refusal(path("certificate"), path("garbage")).find("BEGIN PRIVATE KEY"),
            std::string::npos);
  write_key(path("locked"), key_.get(), "phrase");
  EXPECT_NE(refusal(path("certificate"), path("locked")).find("without a pass phrase"),
            std::string::npos);
  write_key(path("other"), make_key().get());
  EXPECT_NE(refusal(path("certificate"), path("other")).find("is not the one of the certificate"),
            std::string::npos);
  write_certificate(path("old"), key_.get(), -2 * kDay, -kDay);
  EXPECT_NE(refusal(path("old"), path("key")).find("expired on 20"), std::string::npos);
  write_certificate(path("early"), key_.get(), kDay, 2 * kDay);
  EXPECT_NE(refusal(path("early"), path("key")).find("is valid from 20"), std::string::npos);
}

}  // namespace
}  // namespace http
