// SPDX-License-Identifier: Apache-2.0
// The server under TLS, with a certificate made here.
#include <gtest/gtest.h>
#include <openssl/ssl.h>
#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/spdlog.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>

#include "http/detail/certificate_test.h"
#include "http/detail/tls_renewal.h"
#include "http/detail/wire_client_test.h"
#include "http/server.h"

namespace http {
namespace {

constexpr long kDay = 24 * 3600;

// What is logged while it lives.
class LogForTest {
 public:
  LogForTest() {
    auto logger = std::make_shared<spdlog::logger>(
        "test", std::make_shared<spdlog::sinks::ostream_sink_mt>(lines_));
    logger->set_pattern("%l %v");
    logger->set_level(spdlog::level::warn);  // As is usual.
    spdlog::set_default_logger(std::move(logger));
  }
  ~LogForTest() { spdlog::set_default_logger(before_); }
  LogForTest(const LogForTest&) = delete;
  LogForTest& operator=(const LogForTest&) = delete;
  [[nodiscard]] std::string text() const { return lines_.str(); }

 private:
  std::ostringstream lines_;
  std::shared_ptr<spdlog::logger> before_ = spdlog::default_logger();
};

class TlsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::temp_directory_path() / ("tls_test_" + std::to_string(::getpid()));
    std::filesystem::create_directory(folder_);
    write_key(path("key"), key_.get());
    write_certificate(path("certificate"), key_.get(), -kDay, kDay);
    // Old enough that what is written next has another time, however coarse the file system's are.
    const auto old = std::filesystem::file_time_type::clock::now() - std::chrono::hours(1);
    for (const char* name : {"key", "certificate"})
      std::filesystem::last_write_time(path(name), old);
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
  // Another key and a certificate for it, in the place of those that are served.
  Key renew() {
    Key key = make_key();
    write_certificate(path("certificate"), key.get(), -kDay, 2 * kDay);
    write_key(path("key"), key.get());
    return key;
  }
  std::string refusal(const std::string& certificate, const std::string& key) {
    const auto started = start(certificate, key);
    return started ? "" : started.error().message;
  }

  Key key_ = make_key();
  std::filesystem::path folder_;
};

// A connection under TLS of at most the given version.
class TlsClient {
 public:
  explicit TlsClient(std::uint16_t port, int newest = TLS1_3_VERSION) {
    SSL_CTX_set_security_level(context_.get(), 0);
    SSL_CTX_set_max_proto_version(context_.get(), newest);
    wire_.reset(BIO_new_ssl_connect(context_.get()));  // As the context is now.
    BIO_set_conn_hostname(wire_.get(), ("127.0.0.1:" + std::to_string(port)).c_str());
    agreed_ = BIO_do_connect(wire_.get()) == 1 && BIO_do_handshake(wire_.get()) == 1;
  }
  // Whether the server's certificate is of this key.
  bool meets(const EVP_PKEY* key) {
    SSL* ssl = nullptr;
    BIO_get_ssl(wire_.get(), &ssl);
    const X509* leaf = agreed_ ? SSL_get0_peer_certificate(ssl) : nullptr;
    return leaf != nullptr && EVP_PKEY_eq(X509_get0_pubkey(leaf), key) == 1;
  }
  // Reads to the end; "" where no agreement is found.
  std::string ask(const std::string& request) {
    std::string answer;
    if (!agreed_) return answer;
    BIO_write(wire_.get(), request.data(), static_cast<int>(request.size()));
    char bytes[4096];
    for (int got = 0; (got = BIO_read(wire_.get(), bytes, sizeof bytes)) > 0;)
      answer.append(bytes, static_cast<std::size_t>(got));
    return answer;
  }

 private:
  std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context_{SSL_CTX_new(TLS_client_method()),
                                                             SSL_CTX_free};
  std::unique_ptr<BIO, decltype(&BIO_free_all)> wire_{nullptr, BIO_free_all};
  bool agreed_ = false;
};

std::string ask(std::uint16_t port, const std::string& request, int newest = TLS1_3_VERSION) {
  return TlsClient(port, newest).ask(request);
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

TEST_F(TlsTest, takes_a_renewed_certificate_up_for_new_connections) {
  const LogForTest log;
  auto server = Server::start({.tls_certificate = path("certificate"),
                               .tls_key = path("key"),
                               .tls_look_every = std::chrono::milliseconds(2)},
                              router());
  ASSERT_TRUE(server) << server.error().message;
  TlsClient before((*server)->port());
  ASSERT_TRUE(before.meets(key_.get()));
  const Key renewed = renew();
  bool met = false;
  for (int i = 0; i < 20000 && !met; ++i) {  // At most a hundred seconds.
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
    met = TlsClient((*server)->port()).meets(renewed.get());
  }
  EXPECT_TRUE(met);
  EXPECT_EQ(body_of(before.ask(std::string("GET /hello") + kEnd)), "hello");
  EXPECT_EQ(body_of(ask((*server)->port(), std::string("GET /hello") + kEnd)), "hello");
  server->reset();
  // A look between the two writes may have said that they do not fit yet.
  const std::string said = "warning http: the TLS certificate '" + path("certificate") +
                           "' was renewed, new connections get " +
                           (*load_tls(path("certificate"), path("key")))->certificate() + "\n";
  EXPECT_TRUE(log.text().ends_with(said)) << log.text();
  EXPECT_EQ(log.text().find("was renewed"), log.text().rfind("was renewed"));
}

TEST_F(TlsTest, tells_one_certificate_from_another) {
  const auto tls = load_tls(path("certificate"), path("key"));
  ASSERT_TRUE(tls) << tls.error().message;
  const std::string text = (*tls)->certificate();
  EXPECT_TRUE(text.starts_with("CN=localhost, serial 01, valid until 20")) << text;
  renew();  // A day longer.
  EXPECT_NE((*load_tls(path("certificate"), path("key")))->certificate(), text);
}

TEST_F(TlsTest, waits_for_a_renewal_to_settle) {
  TlsRenewal renewal(path("certificate"), path("key"));
  const auto found = [&] {
    const auto pair = renewal.look();
    EXPECT_TRUE(pair) << pair.error().message;
    return pair && *pair != nullptr;
  };
  EXPECT_FALSE(found());
  EXPECT_FALSE(found()) << "nothing has changed";
  renew();
  EXPECT_FALSE(found()) << "may still be written";
  write_certificate(path("certificate"), make_key().get(), -kDay, kDay);
  std::filesystem::remove(path("key"));
  EXPECT_FALSE(found()) << "has changed again";
  renew();
  EXPECT_FALSE(found());
  EXPECT_TRUE(found());
  EXPECT_FALSE(found()) << "is taken up once";
}

TEST_F(TlsTest, says_once_that_a_renewal_is_broken_and_tries_on) {
  TlsRenewal renewal(path("certificate"), path("key"));
  const auto said = [&] {
    const auto found = renewal.look();
    EXPECT_TRUE(!found || *found == nullptr);
    return found ? "" : found.error().message;
  };
  const Key next = make_key();
  write_certificate(path("certificate"), next.get(), -kDay, 2 * kDay);
  EXPECT_EQ(said(), "");
  EXPECT_NE(said().find("is not the one of the certificate"), std::string::npos);
  EXPECT_EQ(said(), "") << "said already";
  write_certificate(path("certificate"), next.get(), -kDay, 3 * kDay);
  std::filesystem::last_write_time(
      path("certificate"), std::filesystem::file_time_type::clock::now() + std::chrono::minutes(1));
  EXPECT_EQ(said(), "");
  EXPECT_NE(said().find("is not the one of the certificate"), std::string::npos)
      << "another attempt, as broken as the one before";
  EXPECT_EQ(said(), "");
  std::filesystem::remove(path("key"));
  EXPECT_EQ(said(), "");
  EXPECT_NE(said().find("key.pem"), std::string::npos);
  EXPECT_EQ(said(), "");
  write_key(path("key"), next.get());
  EXPECT_EQ(said(), "");
  const auto mended = renewal.look();
  ASSERT_TRUE(mended) << mended.error().message;
  EXPECT_NE(*mended, nullptr);
}

}  // namespace
}  // namespace http
