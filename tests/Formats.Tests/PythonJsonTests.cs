using System.Text;

namespace Realiz3D.Mesh.Formats.Tests;

public class PythonJsonTests
{
    [Theory]
    [InlineData("""{"a": -Infinity, "b": [NaN, Infinity,1]}""", """{"a": "-Infinity", "b": ["NaN", "Infinity",1]}""")]
    [InlineData("""{"NaN": "-Infinity", "a\"NaN": 1, "b\\": NaN}""", """{"NaN": "-Infinity", "a\"NaN": 1, "b\\": "NaN"}""")]
    [InlineData("""[null, -1, 1e5, "é\u00e9"]""", """[null, -1, 1e5, "é\u00e9"]""")]
    [InlineData("\"\\", "\"\\")]
    [InlineData("", "")]
    public void ToJson_QuotesTheThreeWordsOutsideStrings(string python, string json) =>
        Assert.Equal(json, Encoding.UTF8.GetString(PythonJson.ToJson(Encoding.UTF8.GetBytes(python))));
}
