// SPDX-License-Identifier: Apache-2.0
#include "http/detail/webhook_signature.h"

#include <gtest/gtest.h>

namespace http {
namespace {

TEST(WebhookSignature, encodes_base64) {
  // RFC 4648, chapter 10.
  EXPECT_EQ(base64(""), "");
  EXPECT_EQ(base64("f"), "Zg==");
  EXPECT_EQ(base64("fo"), "Zm8=");
  EXPECT_EQ(base64("foobar"), "Zm9vYmFy");
}

// The example that the libraries of Standard Webhooks share.
TEST(WebhookSignature, is_the_one_of_standard_webhooks) {
  const std::string secret =
      "\x31\xf2\x90\xf6\xbf\x06\x29\x8a\xab\x4f\x08\xd4\x3c\x3f\x08\x2c\xf6\x48\xa3\x62\xda\x2d\xa4"
      "\xb0";
  ASSERT_EQ(webhook_secret_text(secret), "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
  trial::WebhookRow webhook;
  webhook.secret = secret;
  EXPECT_EQ(webhook_signature(webhook, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330,
                              R"({"test": 2432232314})"),
            "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
}

TEST(WebhookSignature, signs_by_both_secrets_while_they_rotate) {
  trial::WebhookRow webhook;
  webhook.secret = "new";
  const std::string alone = webhook_signature(webhook, "1", 2, "3");
  webhook.older_secret = "old";
  const std::string both = webhook_signature(webhook, "1", 2, "3");
  EXPECT_TRUE(both.starts_with(alone + " v1,"));
  EXPECT_EQ(both.size(), 2 * alone.size() + 1);
  EXPECT_NE(webhook_signature(webhook, "1", 2, "4"), both);
  EXPECT_NE(*make_webhook_secret(), *make_webhook_secret());
}

}  // namespace
}  // namespace http
