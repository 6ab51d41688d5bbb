package table

import (
	"encoding/json"

	"github.com/parquet-go/parquet-go/deprecated"
	"github.com/parquet-go/parquet-go/format"
)

// Version is the version of the format of a directory of counts.
const Version = 1

// layout says how many rows a row group of a file has, and a page of a column, the
// last ones excepted. As this is fixed, the bytes of a table depend on its rows
// alone.
type layout struct {
	group, page int
	hasty       bool // leave files and directory unsynced
}

// standard has groups so small that every core can hold one.
var standard = layout{group: 1 << 18, page: 1 << 16}

// metadataKey is the key of the metadata that each Parquet file carries.
const metadataKey = "qk"

// description is what the metadata of a Parquet file says, in JSON, for those who
// come across the file alone.
type description struct {
	Version  int      `json:"version"`
	Table    Name     `json:"table"`
	Settings Settings `json:"settings"`
	MinPairs int64    `json:"min_pairs"`
}

// metadata returns the description as the metadata of a Parquet file.
func (d description) metadata() ([]format.KeyValue, error) {
	text, err := json.Marshal(d)
	if err != nil {
		return nil, err
	}
	return []format.KeyValue{{Key: metadataKey, Value: string(text)}}, nil
}

// fileName returns the name of the table's file in a directory of counts.
func (t Name) fileName() string { return string(t) + ".parquet" }

// counted lists the tables of rows with counts, in the order in which files list
// them.
func counted() []Name { return []Name{Transitions, Cooccurrences, Pairs} }

// columns returns the names of all columns.
func (t Name) columns() []string { return append(t.Keys(), "n") }

// schemaOf describes the columns of a table: keys INT32, n INT64, none with nulls.
func schemaOf(t Name) ([]format.SchemaElement, []format.ColumnOrder) {
	names := t.columns()
	required := format.Required
	schema := []format.SchemaElement{{Name: string(t), NumChildren: int32(len(names))}}
	var orders []format.ColumnOrder
	for i, name := range names {
		physical, converted, bits := format.Int32, deprecated.Int32, int8(32)
		if i == len(names)-1 {
			physical, converted, bits = format.Int64, deprecated.Int64, 64
		}
		schema = append(schema, format.SchemaElement{
			Type: &physical, RepetitionType: &required, Name: name, ConvertedType: &converted,
			LogicalType: &format.LogicalType{Integer: &format.IntType{BitWidth: bits, IsSigned: true}},
		})
		orders = append(orders, format.ColumnOrder{TypeOrder: &format.TypeDefinedOrder{}})
	}
	return schema, orders
}

// sortingColumns says that rows are sorted by the keys, ascending.
func sortingColumns(t Name) []format.SortingColumn {
	var sorting []format.SortingColumn
	for i := range t.Keys() {
		sorting = append(sorting, format.SortingColumn{ColumnIdx: int32(i)})
	}
	return sorting
}
