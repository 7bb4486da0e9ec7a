// SPDX-License-Identifier: Apache-2.0
#include "base/output_file.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

#include "base/file.h"

namespace base {
namespace {

class OutputFileTest : public testing::Test {
 protected:
  void SetUp() override { std::filesystem::create_directories(folder_); }
  void TearDown() override { std::filesystem::remove_all(folder_); }
  std::ptrdiff_t files() const {
    return std::distance(std::filesystem::directory_iterator(folder_), {});
  }

  std::string folder_ = testing::TempDir() + "output_file_" + std::to_string(getpid());
  std::string path_ = folder_ + "/out";
};

TEST_F(OutputFileTest, stands_under_its_name_once_it_is_whole) {
  auto file = OutputFile::open(path_).value();
  EXPECT_TRUE(file.write("one "));
  EXPECT_TRUE(file.write("two"));
  EXPECT_FALSE(std::filesystem::exists(path_));
  EXPECT_TRUE(file.finish());
  EXPECT_EQ(read_file(path_).value(), "one two");
  EXPECT_EQ(files(), 1);
}

TEST_F(OutputFileTest, leaves_what_was_there_when_it_is_given_up) {
  ASSERT_TRUE(write_file(path_, "old"));
  {
    auto file = OutputFile::open(path_).value();
    EXPECT_TRUE(file.write("new"));
  }
  EXPECT_EQ(read_file(path_).value(), "old");
  EXPECT_EQ(files(), 1);
}

TEST_F(OutputFileTest, says_what_cannot_be_written) {
  EXPECT_EQ(OutputFile::open(folder_ + "/none/out").error().message,
            "cannot write '" + folder_ + "/none/out': No such file or directory");
  auto full = OutputFile::open("/dev/full").value();
  EXPECT_EQ(full.write("x").error().message, "cannot write '/dev/full': No space left on device");
}

}  // namespace
}  // namespace base
